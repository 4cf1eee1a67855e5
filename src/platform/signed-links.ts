import { AppError } from '../errors.ts'
import type { Clock } from './clock.ts'
import type { Keys } from './secrets.ts'
import { createSigner } from './signer.ts'

/** What a link says besides the thing it leads to, and when it ends. */
type Claims<Name extends string> = Readonly<Record<Name, string>>

export interface SignedLinksDeps<Name extends string> {
  /** Of this kind of links alone: what they sign is good for no other. */
  readonly keys: Keys
  readonly clock: Clock
  /** Where clients reach this server; without it, links begin with a slash. */
  readonly publicUrl: string | undefined
  /** What their paths begin with; the id of the thing follows. */
  readonly path: string
  readonly names: readonly Name[]
}

export interface SignedLink<Name extends string> {
  readonly id: string
  readonly claims: Claims<Name>
  readonly expiresAt: Date
}

/** Links that lead to things without a token, for a while. */
export function createSignedLinks<Name extends string>({ keys, clock, publicUrl, path, names }: SignedLinksDeps<Name>) {
  const signer = createSigner(keys)
  const base = publicUrl?.replace(/\/+$/, '') ?? ''
  /** Path and query as they are signed. */
  const contentOf = (id: string, claims: Claims<Name>, expires: string) => `${path}${id}?${new URLSearchParams({ ...claims, expires })}`

  return {
    make({ id, claims, expiresAt }: SignedLink<Name>): string {
      const content = contentOf(id, claims, String(expiresAt.getTime()))
      return `${base}${content}&signature=${signer.sign(content).toString('base64url')}`
    },

    /** What a link says. @throws FORBIDDEN for one that has ended, or was made up, which `onForged` hears of */
    read({ pathname, searchParams }: URL, onForged: () => void = () => {}): SignedLink<Name> {
      const id = pathname.slice(path.length)
      const claims = Object.fromEntries(names.map(name => [name, searchParams.get(name) ?? ''])) as Claims<Name>
      const expires = searchParams.get('expires') ?? ''
      const signature = Buffer.from(searchParams.get('signature') ?? '', 'base64url')
      const isOurs = signer.isSigned(contentOf(id, claims, expires), signature)
      if (!isOurs) onForged()
      if (!isOurs || Number(expires) <= clock.now().getTime()) throw deadLink()
      return { id, claims, expiresAt: new Date(Number(expires)) }
    },
  }
}

export const deadLink = () => new AppError('FORBIDDEN', 'This link does not hold, or no longer. Ask for a new one.')
