import { AppError } from '../kernel/errors.ts';

/** A configured provider: what the sign-in page shows of it, and where its browsers come back. */
export type Connection = {
  readonly id: string;
  readonly kind: 'platform';
  /** Where sign-ins by it begin: at `/auth/login`, ending in a cookie, or at the API, ending in a token pair. */
  readonly surface: 'browser' | 'api';
  /** The provider's name, as people know it. */
  readonly name: string;
  /** The redirect URI that is registered at the provider. */
  readonly callbackUrl: URL;
};

export type PlatformConnections = {
  /** In the configured order. */
  list(): readonly Connection[];
  /** @throws AppError `provider_unknown` for anything that is not configured. */
  find(id: string): Connection;
  has(id: string): boolean;
};

/** The connections that come from the environment. Only these have a button and a way in. */
export function platformConnections(connections: readonly Connection[]): PlatformConnections {
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  return {
    list: () => connections,
    has: (id) => byId.has(id),
    find(id) {
      const connection = byId.get(id);
      if (connection === undefined) throw new AppError('provider_unknown');
      return connection;
    },
  };
}
