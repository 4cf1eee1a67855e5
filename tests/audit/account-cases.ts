import { expect } from 'vitest'
import { clientOf, codeOf, password } from '../harness/client.ts'
import { openSigningSocket, signed } from '../signatures/world.ts'
import { login } from './operations.ts'
import { type Cases, call, from, newPerson, refused, signIn } from './scene.ts'

/** What people do with their accounts, and others try with them. */
export const accountCases: Cases = {
  'an account that is made': [
    'register',
    async scene => {
      const { id, sessionId } = await newPerson(scene, 'new')
      return { actorId: id, target: id, ip: expect.stringContaining('127.0.0.1') as unknown as string, details: { sessionId } }
    },
  ],
  'a sign-in': [
    'sign-in',
    async scene => {
      const { sessionId } = await signIn(scene, scene.alice)
      return { actorId: scene.alice.id, target: sessionId }
    },
  ],
  'a sign-in that is repeated': [
    'sign-in',
    async ({ one, alice }) => {
      const input = { email: alice.email, password, idempotencyKey: 'the same again' }
      const { session } = (await clientOf(one.url).run(login, { input })).login
      await clientOf(one.url).run(login, { input })
      return { actorId: alice.id, target: session.id, details: { repeated: true } }
    },
  ],
  'a wrong password': [
    'sign-in-refused',
    async ({ one, alice, secrets }) => {
      secrets.add('wrong horse battery')
      await refused(
        clientOf(one.url, null, from('192.0.2.1')),
        `mutation { login(input: { email: "${alice.email}", password: "wrong horse battery" }) { accessToken } }`,
      )
      return { actorId: null, target: alice.id, ip: '192.0.2.1', details: { proof: 'password', reason: 'INVALID_CREDENTIALS' } }
    },
  ],
  'an address without an account, by its digest': [
    'sign-in-refused',
    async ({ one, secrets }) => {
      secrets.add('nobody.at.all@example.org')
      await refused(
        clientOf(one.url),
        'mutation { login(input: { email: "nobody.at.all@example.org", password: "wrong horse battery" }) { accessToken } }',
      )
      return {
        target: expect.stringMatching(/^email:[\w-]{16}$/) as unknown as string,
        details: { proof: 'password', reason: 'INVALID_CREDENTIALS' },
      }
    },
  ],
  'an account that is locked': [
    'sign-in-refused',
    async ({ one, bob }) => {
      const guess = `mutation { login(input: { email: "${bob.email}", password: "wrong horse battery" }) { accessToken } }`
      for (let count = 0; count < 7; count++) await refused(clientOf(one.url, null, from('192.0.2.2')), guess)
      return { target: bob.id, ip: '192.0.2.2', details: { proof: 'password', reason: 'ACCOUNT_LOCKED' } }
    },
  ],
  'a forged token': [
    'sign-in-refused',
    async ({ one, alice, secrets }) => {
      const forged = `${alice.accessToken.slice(0, -8)}AAAAAAAA`
      secrets.add(forged)
      await refused(clientOf(one.url, forged, from('192.0.2.3')), '{ viewer { id } }')
      return { ip: '192.0.2.3', target: null, details: { proof: 'token', reason: 'UNAUTHENTICATED' } }
    },
  ],
  'a session that was signed out of': [
    'sign-out',
    async scene => {
      const session = await signIn(scene, scene.alice)
      await call(session, 'mutation { logout { endedSessions } }')
      return { actorId: scene.alice.id, target: session.sessionId }
    },
  ],
  'a token whose session is over': [
    'sign-in-refused',
    async scene => {
      const session = await signIn(scene, scene.alice)
      await call(session, 'mutation { logout { endedSessions } }')
      await refused(session, '{ viewer { id } }')
      return { actorId: null, target: session.sessionId, details: { proof: 'token', reason: 'TOKEN_REVOKED', userId: scene.alice.id } }
    },
  ],
  'all sessions that were signed out of': [
    'sign-out',
    async scene => {
      const person = await newPerson(scene, 'leaver')
      await call(person, 'mutation { logout(input: { everywhere: true }) { endedSessions } }')
      return { actorId: person.id, target: person.id, details: { endedSessions: 1 } }
    },
  ],
  'a session that is ended': [
    'session-revoked',
    async scene => {
      const { sessionId } = await signIn(scene, scene.alice)
      await call(scene.alice, `mutation { revokeSession(input: { id: "${sessionId}" }) { revokedId } }`)
      return { actorId: scene.alice.id, target: sessionId, details: null }
    },
  ],
  'a refresh token that was used before': [
    'session-revoked',
    async scene => {
      const { sessionId, refreshToken } = await signIn(scene, scene.alice)
      const again = `mutation { refreshSession(input: { refreshToken: "${refreshToken}" }) { accessToken refreshToken } }`
      const { refreshSession } = await call(clientOf(scene.one.url), again)
      scene.secrets.add(String(refreshSession?.['accessToken'])).add(String(refreshSession?.['refreshToken']))
      await refused(clientOf(scene.one.url), again)
      return { actorId: null, target: sessionId, details: { userId: scene.alice.id, reason: 'a used refresh token' } }
    },
  ],
  'a refresh token that never was one': [
    'sign-in-refused',
    async ({ one }) => {
      await refused(clientOf(one.url), 'mutation { refreshSession(input: { refreshToken: "none" }) { accessToken } }')
      return { details: { proof: 'refresh token', reason: 'UNAUTHENTICATED' } }
    },
  ],
  'an operation whose signature does not hold': [
    'signature-refused',
    async ({ alice }) => {
      const forged = { value: 'made up', timestamp: Date.now(), nonce: 'n'.repeat(22) }
      const body = JSON.stringify({ query: '{ viewer { id } }', extensions: { signature: forged } })
      expect(await codeOf(alice.post(body))).toBe('SIGNATURE_INVALID')
      return { actorId: alice.id, target: alice.sessionId, details: { reason: 'SIGNATURE_INVALID' } }
    },
  ],
  'an operation that a stranger signed, on a socket': [
    'signature-refused',
    async ({ one }) => {
      using socket = await openSigningSocket(one.wsUrl, {}, { headers: from('198.51.100.9') })
      const operation = await signed({ query: '{ __typename }' }, socket.signingKey)
      expect([await socket.ask(operation), await socket.ask(operation)]).toEqual([null, 'REPLAYED'])
      return { actorId: null, ip: '198.51.100.9', target: null, details: { reason: 'REPLAYED' } }
    },
  ],
  'a device that is removed': [
    'deleted',
    async scene => {
      const { deviceId } = await signIn(scene, scene.alice, 'an old telephone')
      await call(scene.alice, `mutation { removeDevice(input: { id: "${deviceId}" }) { removedId } }`)
      return { actorId: scene.alice.id, target: deviceId }
    },
  ],
  'the sessions of a device that is removed': [
    'session-revoked',
    async scene => {
      const { sessionId, deviceId } = await signIn(scene, scene.alice, 'another telephone')
      await call(scene.alice, `mutation { removeDevice(input: { id: "${deviceId}" }) { removedId } }`)
      return { actorId: scene.alice.id, target: sessionId, details: { deviceId } }
    },
  ],
  'a password that is changed': [
    'password-changed',
    async scene => {
      const person = await newPerson(scene, 'changer')
      const words = { currentPassword: password, newPassword: 'another horse battery' }
      scene.secrets.add(words.newPassword)
      const change = `changePassword(input: { currentPassword: "${words.currentPassword}", newPassword: "${words.newPassword}" })`
      await call(person, `mutation { ${change} { accessToken } }`)
      return { actorId: person.id, target: person.id, details: { endedSessions: 0 } }
    },
  ],
  'a password that is changed by mail': [
    'password-reset',
    async scene => {
      const { id, email } = await newPerson(scene, 'forgetful')
      const nobody = clientOf(scene.one.url)
      await call(nobody, `mutation { requestPasswordReset(input: { email: "${email}" }) { accepted } }`)
      const isMail = ({ msg = '', to }: { msg?: string; to?: unknown }) => to === email && msg.includes('reset-password')
      const token = /code, it is: ([\w-]+)/.exec((await scene.one.waitForLog(isMail)).msg ?? '')?.[1] ?? ''
      scene.secrets.add(token)
      await call(nobody, `mutation { resetPassword(input: { token: "${token}", newPassword: "a third horse battery" }) { accessToken } }`)
      return { actorId: id, target: id, details: { endedSessions: 1, sessionId: expect.stringMatching(/^sess_/) } }
    },
  ],
  'an account that is deleted': [
    'account-deleted',
    async scene => {
      const person = await newPerson(scene, 'goner')
      await call(person, `mutation { deleteAccount(input: { password: "${password}" }) { deletedId } }`)
      return { actorId: person.id, target: person.id }
    },
  ],
  'the password, wrong, of who would delete an account': [
    'sign-in-refused',
    async ({ alice }) => {
      await refused(alice, 'mutation { deleteAccount(input: { password: "wrong horse battery" }) { deletedId } }')
      return { actorId: alice.id, target: alice.id, details: { proof: 'password', reason: 'INVALID_CREDENTIALS' } }
    },
  ],
}
