import { type Api, RefusedError } from './api.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
}

/** Whose rows are whose on the server. */
export interface Accounts {
  /** By the user ids of the export. */
  readonly byUserId?: ReadonlyMap<string, Credentials>
  /** Without those: who gets all rows, which then have to be one user's. */
  readonly everybody?: Credentials
  /** Whether accounts that are not there are made. */
  readonly register: boolean
}

export interface Person {
  ask<T>(query: string, variables: Readonly<Record<string, unknown>>): Promise<T>
}

export interface People {
  /** @throws RefusedError for users without an account */
  of(userId: string): Promise<Person>
  signOut(): Promise<void>
}

const registerUser = 'mutation ImportRegister($input: RegisterInput!) { session: register(input: $input) { accessToken } }'
const signIn = 'mutation ImportLogin($input: LoginInput!) { session: login(input: $input) { accessToken } }'
const logout = 'mutation ImportLogout { logout { endedSessions } }'
const ended = new Set(['TOKEN_EXPIRED', 'TOKEN_REVOKED', 'UNAUTHENTICATED'])

export function createPeople(api: Api, { byUserId, everybody, register }: Accounts): People {
  const people = new Map<string, Promise<{ person: Person; token: () => string }>>()
  let onlyUserId: string | null = null

  function credentialsOf(userId: string): Credentials {
    const mapped = byUserId?.get(userId)
    if (mapped) return mapped
    if (!everybody) throw new RefusedError('NO_ACCOUNT', `the user ${userId || '(none)'} is not in the file of users`)
    onlyUserId ??= userId
    if (onlyUserId !== userId)
      throw new RefusedError('NO_ACCOUNT', `the user ${userId} is not ${onlyUserId}, whose rows these are; map them with --users`)
    return everybody
  }

  async function open({ email, password }: Credentials): Promise<string> {
    if (register) {
      try {
        return await tokenBy(registerUser, { email, password })
      } catch (error) {
        if (!(error instanceof RefusedError && error.code === 'EMAIL_TAKEN')) throw error
      }
    }
    return tokenBy(signIn, { email, password })
  }

  const tokenBy = async (query: string, input: Credentials) =>
    (await api.ask<{ session: { accessToken: string } }>(null, query, { input })).session.accessToken

  async function enter(credentials: Credentials) {
    let token = await open(credentials)
    let renewal: Promise<string> | null = null
    const renew = async (spent: string) => {
      if (spent !== token) return token
      renewal ??= tokenBy(signIn, credentials).finally(() => {
        renewal = null
      })
      token = await renewal
      return token
    }
    const person: Person = {
      async ask(query, variables) {
        const used = token
        try {
          return await api.ask(used, query, variables)
        } catch (error) {
          if (!(error instanceof RefusedError && ended.has(error.code))) throw error
          return api.ask(await renew(used), query, variables)
        }
      },
    }
    return { person, token: () => token }
  }

  return {
    async of(userId) {
      const known = people.get(userId) ?? enter(credentialsOf(userId))
      people.set(userId, known)
      return (await known).person
    },
    async signOut() {
      for (const known of people.values()) await known.then(({ token }) => api.ask(token(), logout, {})).catch(() => {})
    },
  }
}
