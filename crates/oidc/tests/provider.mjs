// A real OpenID provider for the test beside this file; says its address and ends with its input.
import http from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// Nobody reads on after the address.
console.info = console.warn = () => {};

const from = createRequire(process.argv[2] + '/package.json');
const { default: Provider } = await import(pathToFileURL(from.resolve('oidc-provider')).href);

const redirect = process.argv[3] ?? 'http://127.0.0.1:9/back';
const client = (client_id, more) => ({
  client_id,
  redirect_uris: [redirect],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  ...more,
});
const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      client('county', { client_secret: 'a secret: of & the = county' }),
      client('form', { client_secret: 'another-secret', token_endpoint_auth_method: 'client_secret_post' }),
      client('public', { token_endpoint_auth_method: 'none' }),
    ],
    cookies: { keys: ['only for the test'] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  server.on('request', provider.callback());
  console.log(`READY ${issuer}`);
});
process.stdin.on('end', () => process.exit(0)).resume();
