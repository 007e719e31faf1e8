/**
 * A certificate of its own making for api.example.com, good for 100 years and trusted by nobody who is not
 * handed it. Made with: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500
 * -subj /CN=api.example.com -addext subjectAltName=DNS:api.example.com
 */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBqDCCAU2gAwIBAgIUYmF3/eVw1NBc7nDzkpPJJx6FePMwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPYXBpLmV4YW1wbGUuY29tMCAXDTI2MTEyMDE2MDYzN1oYDzIx
MjYxMDI3MTYwNjM3WjAaMRgwFgYDVQQDDA9hcGkuZXhhbXBsZS5jb20wWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAAT1j5bbvdKNvUifbznH364b/yQKZSBAi9VjUZ8L
MD6z79soPxnrH/pyu8OHt23XvgpQ1gpRVPoxc/Gq5qwpgFCoo28wbTAdBgNVHQ4E
FgQUo1vN9f7zZO5ABtlYuKV4THOXx5IwHwYDVR0jBBgwFoAUo1vN9f7zZO5ABtlY
uKV4THOXx5IwDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgg9hcGkuZXhhbXBs
ZS5jb20wCgYIKoZIzj0EAwIDSQAwRgIhAKeCxt7g8Z9J7CTKnJ8o7++PYeXR0hEv
XduYeb2s4WbmAiEAxnXyHAkWmNsgSvVOvSM1Pt81BOYdD3JXrZPJLIcyWrs=
-----END CERTIFICATE-----
`;
export const certificateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOu+5Pyo9r0EBlCeG
a/1C5ghsq2kwCW3hVqvzmmG96E+hRANCAAT1j5bbvdKNvUifbznH364b/yQKZSBA
i9VjUZ8LMD6z79soPxnrH/pyu8OHt23XvgpQ1gpRVPoxc/Gq5qwpgFCo
-----END PRIVATE KEY-----
`;
