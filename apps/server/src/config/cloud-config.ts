import type { Addresses } from './addresses.ts';
import type { ConfiguredCompany, SignInPolicy } from './admission.ts';
import type { HttpBuffers } from './http.ts';
import type { Bind, InternalListener } from './listeners.ts';
import type { MailConfig } from './mail.ts';
import type { MicrosoftApp } from './microsoft.ts';
import type { PlatformProvider } from './providers.ts';
import type { OutboundEntry } from './rules/network-addresses.ts';
import type { RunningConfig } from './running.ts';
import type { SessionRules } from './session.ts';
import type { DatabaseConfig, SecretsKeys } from './storage.ts';
import type { TelemetryConfig } from './telemetry.ts';
import type { TokenRules } from './tokens.ts';

/** What both kinds of deployment have. */
export type CommonConfig = RunningConfig & {
  readonly bind: Bind;
  readonly addresses: Addresses;
  readonly http: HttpBuffers;
  readonly dataDir: string;
  readonly database: DatabaseConfig;
  readonly secretsKeys: SecretsKeys;
  readonly mail: MailConfig;
  /** `${address}/${prefix}`; always empty in `local`. */
  readonly trustedProxies: readonly string[];
  readonly outboundAllowed: readonly OutboundEntry[];
  /** In the form that `dns.setServers` takes; empty: those of the system. */
  readonly dnsServers: readonly string[];
  /** Absent: there is no internal listener. */
  readonly internal?: InternalListener;
  readonly upstreamUrl?: URL;
  /** Absent: no metrics. */
  readonly metricsPort?: number;
  /** Absent: no traces. */
  readonly telemetry?: TelemetryConfig;
  /** One sentence each, beginning with the variable's name; for the log of every start. */
  readonly warnings: readonly string[];
};

/** Nobody signs in; loopback only. */
export type LocalConfig = CommonConfig & { readonly mode: 'local' };

/** What only a deployment with sign-in has. */
export type SignInConfig = {
  /** In the order of the sign-in page; empty only where `microsoft` is there. */
  readonly providers: readonly PlatformProvider[];
  /** The platform's multi-tenant Entra app. */
  readonly microsoft?: MicrosoftApp & { readonly redirectUri: URL };
  /** `${entraAuthority}/${directory}/v2.0` is an Entra issuer, for company connections too. Ends without a slash. */
  readonly entraAuthority: string;
  readonly session: SessionRules;
  readonly tokens: TokenRules;
  readonly policy: SignInPolicy;
  /** Absent: many companies. */
  readonly company?: ConfiguredCompany;
};

export type SsoConfig = CommonConfig & SignInConfig & { readonly mode: 'sso' };

export type CloudConfig = LocalConfig | SsoConfig;
