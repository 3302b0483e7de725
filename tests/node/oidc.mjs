// The certified OAuth server, with a person who says yes, and a count of what was asked of its token endpoint.
// Environment: ACCESS_S and DEVICE_S, how long access tokens and device codes live.
import http from 'node:http';
import Provider from 'oidc-provider';

const grants = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'];
const native = {
  application_type: 'native', redirect_uris: ['http://127.0.0.1/callback'], grant_types: grants, response_types: ['code'],
};
const server = http.createServer().listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      { client_id: 'public', token_endpoint_auth_method: 'none', ...native },
      { client_id: 'basic', client_secret: 'basic-canary-secret-0123456789', token_endpoint_auth_method: 'client_secret_basic', ...native },
      { client_id: 'post', client_secret: 'post-canary-secret-0123456789', token_endpoint_auth_method: 'client_secret_post', ...native },
    ],
    pkce: { required: () => true },
    scopes: ['openid', 'offline_access', 'email'],
    claims: { openid: ['sub'], email: ['email'] },
    features: {
      deviceFlow: {
        enabled: true,
        userCodeConfirmSource: async (ctx, form) => { ctx.body = form; },
        userCodeInputSource: async (ctx, form) => { ctx.body = form; },
      },
      devInteractions: { enabled: false }, revocation: { enabled: true }, introspection: { enabled: true },
    },
    ttl: {
      AccessToken: () => Number(process.env.ACCESS_S || 60), DeviceCode: () => Number(process.env.DEVICE_S || 60),
      RefreshToken: () => 3600, Grant: () => 3600, Interaction: () => 600, Session: () => 3600, IdToken: () => 600,
    },
    rotateRefreshToken: true, issueRefreshToken: async () => true,
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: async (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, email: `${id}@example.org` }) }),
    cookies: { keys: ['test'] },
  });
  const counts = {};
  provider.on('grant.success', (ctx) => {
    const kind = ctx.oidc.params.grant_type;
    counts[kind] = (counts[kind] || 0) + 1;
  });
  provider.on('grant.error', () => { counts.refused = (counts.refused || 0) + 1; });
  const callback = provider.callback();
  server.on('request', async (req, res) => {
    if (req.url === '/test/counts') return res.end(JSON.stringify(counts));
    if (!req.url.startsWith('/interaction/')) return callback(req, res);
    const details = await provider.interactionDetails(req, res);
    let result;
    if (details.params.login_hint === 'deny') result = { error: 'access_denied', error_description: 'the person said no' };
    else if (details.prompt.name === 'login') result = { login: { accountId: 'ada' } };
    else {
      const grant = details.grantId ? await provider.Grant.find(details.grantId)
        : new provider.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
      const missing = details.prompt.details.missingOIDCScope;
      if (missing) grant.addOIDCScope(missing.join(' '));
      result = { consent: { grantId: await grant.save() } };
    }
    return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: true });
  });
  console.log(`listening on ${issuer}`);
});
