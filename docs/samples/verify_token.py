# pip install "pyjwt[crypto]>=2.6"
import json
import os
import sys

import jwt

ISSUER = os.environ.get("GATEHOUSE_ISSUER", "https://gate.acme.example")  # API_PUBLIC_URL
KEYS_URL = os.environ.get("GATEHOUSE_KEYS", f"{ISSUER}/.well-known/jwks.json")

# Once for the whole process. Keeps the set for five minutes, and looks again when a token names a key it does not know.
keys = jwt.PyJWKClient(KEYS_URL, cache_jwk_set=True, lifespan=300)


def verify_access_token(token: str) -> dict:
    """Who asks, and for which company. Raises unless Gatehouse issued this access token and it has time left."""
    decoded = jwt.api_jwt.decode_complete(
        token,
        keys.get_signing_key_from_jwt(token).key,
        algorithms=["ES256"],
        issuer=ISSUER,
        audience="gatehouse",
        leeway=30,
        options={"require": ["exp", "iat", "iss", "aud", "sub"]},
    )
    # PyJWT does not look at the type, by which access tokens are told from other tokens of ours.
    if decoded["header"].get("typ", "").lower() != "at+jwt":
        raise jwt.InvalidTokenError("not an access token")
    claims = decoded["payload"]
    return {
        "userId": claims["sub"],
        "sessionId": claims["sid"],
        "companyId": claims.get("org_id"),
        "company": claims.get("org_slug"),
        "roles": claims["roles"],
    }


# To try it: one token a line.
if __name__ == "__main__":
    for line in sys.stdin:
        try:
            answer = verify_access_token(line.strip())
        except (jwt.PyJWTError, KeyError) as error:
            answer = {"refused": type(error).__name__}
        print(json.dumps(answer), flush=True)
