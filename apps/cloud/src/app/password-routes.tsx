import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { ForgotPasswordPage } from '../features/forgot-password/forgot-password-page.tsx';
import { RegisterPage } from '../features/register/register-page.tsx';
import { ResetPasswordPage } from '../features/reset-password/reset-password-page.tsx';
import { VerifyEmailPage } from '../features/verify-email/verify-email-page.tsx';
import { usePageHref } from '../lib/page-context.ts';
import { Threshold } from './threshold.tsx';
import { useEntered } from './use-entered.ts';
import { useLinkToken } from './use-link-token.ts';

export const RegisterRoute = () => (
  <Threshold>
    <RegisterPage />
  </Threshold>
);

export const ForgotPasswordRoute = () => (
  <Threshold>
    <ForgotPasswordPage />
  </Threshold>
);

export function VerifyEmailRoute() {
  const token = useLinkToken();
  const onEntered = useEntered();
  return (
    <Threshold>
      <VerifyEmailPage key={token} token={token} onEntered={onEntered} />
    </Threshold>
  );
}

export function ResetPasswordRoute() {
  const token = useLinkToken();
  const href = usePageHref();
  const queries = useQueryClient();
  const { history } = useRouter();
  const onSet = () => {
    // All sessions have ended, this browser's too.
    void queries.invalidateQueries();
    history.push(href({ to: 'password-set' }));
  };
  return (
    <Threshold>
      <ResetPasswordPage key={token} token={token} onSet={onSet} />
    </Threshold>
  );
}
