import { createRemoteJWKSet, jwtVerify } from 'jose';

type Places = {
  /** Where people see the application. */
  readonly origin: string;
  /** Where this process reaches Gatehouse. */
  readonly gatehouse: string;
};

/** Makes what tells who sent a request, by its signed statement alone; whatever it cannot rely on, it throws at. */
export function assertionReader({ origin, gatehouse }: Places) {
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', gatehouse));
  return async (headers: Readonly<Record<string, string | string[] | undefined>>) => {
    const { payload } = await jwtVerify(String(headers['x-gatehouse-assertion']), keys, {
      typ: 'gatehouse-assertion+jwt',
      algorithms: ['ES256'],
      issuer: origin,
      audience: new URL(origin).host,
      requiredClaims: ['sub', 'org_id', 'exp'],
    });
    return {
      id: payload.sub,
      company: payload['org_slug'],
      roles: payload['roles'],
      email: payload['email'],
    };
  };
}
