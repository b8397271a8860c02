import { openMailbox } from '@gatehouse/stand-ins';
import type { Mailbox } from '@gatehouse/stand-ins';
import { isPortTaken } from './demo-error.ts';

const usualPorts = { port: 3104, smtpPort: 3105 };

/** Nothing depends on its ports: where somebody else has them, it takes free ones. */
export async function startMailbox(): Promise<Mailbox> {
  const host = 'localhost';
  try {
    return await openMailbox({ host, ...usualPorts });
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    return await openMailbox({ host });
  }
}

/** What an operator would write into the environment for a mail server. */
export function mailEnvironment({ smtp }: Mailbox): Record<string, string> {
  return {
    CLOUDGRID_INVITATION_EMAIL_SMTP_HOST: smtp.host,
    CLOUDGRID_INVITATION_EMAIL_SMTP_PORT: String(smtp.port),
    CLOUDGRID_INVITATION_EMAIL_SMTP_TLS: 'none',
    CLOUDGRID_INVITATION_EMAIL_FROM: 'Gatehouse demo <gatehouse@acme.example>',
    CLOUDGRID_INVITATION_EMAIL_RETRY_BASE_SECONDS: '5',
  };
}
