import { Button } from '@mantine/core';
import { usePageTitle } from '../../lib/hooks.ts';
import { usePageHref } from '../../lib/page-context.ts';
import { en } from '../../messages/en.ts';
import { SentMail } from '../../ui/sent-mail.tsx';
import { RegistrationForm } from './registration-form.tsx';
import { useRegistration } from './use-registration.ts';

/** Asks for an account. Whether the address has one already is told to its mailbox alone. */
export function RegisterPage() {
  const href = usePageHref();
  const words = en.register;
  const registration = useRegistration();
  const { asking } = registration;
  usePageTitle(words.title);
  if (asking.isSuccess) {
    return (
      <SentMail
        title={words.sentTitle}
        sentences={[words.sent(asking.data), words.sentSame, words.sentNothing]}
      >
        <Button
          variant="default"
          onClick={() => {
            asking.reset();
          }}
        >
          {words.again}
        </Button>
      </SentMail>
    );
  }
  return (
    <div className="threshold-card">
      <div className="stack stack-close">
        <h1>{words.title}</h1>
        <p className="soft">{words.lead}</p>
      </div>
      <RegistrationForm registration={registration} />
      <p className="small">
        <a href={href({ to: 'sign-in' })}>{words.haveOne}</a>
      </p>
    </div>
  );
}
