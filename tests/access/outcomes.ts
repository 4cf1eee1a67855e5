import type { ErrorCode } from '../../src/errors.ts'

/** Everybody a root field is tried as. Members are so of one document; the server's admin is no member of it. */
export const callers = ['anonymous', 'stranger', 'READ member', 'WRITE member', 'ADMIN member', 'server admin'] as const
export type Caller = (typeof callers)[number]

/** What a caller gets: the field's value, null in its place, or an error. */
export type Outcome = 'ok' | 'null' | ErrorCode

/** Who tries, and what there is to try it on. Made anew where trying changes it. */
export interface Scene {
  readonly documentId: string
  readonly snapshotId: string
  /** Of the document's owner, with a record under `k`; its members are those of the document. */
  readonly collection: { readonly id: string; readonly ownerId: string; readonly name: string; readonly recordId: string }
  /** Its members are those of the document. Its message is from its maker, who is none of the callers, nor is its other member. */
  readonly chat: { readonly id: string; readonly messageId: string; readonly memberId: string }
  /** In the notebook of the document's owner; folders have no members. */
  readonly folderId: string
  /** In that notebook too; its members are those of the document. */
  readonly noteId: string
  /** Under which the note is public. */
  readonly slug: string
  readonly revisionId: string
  readonly attachmentId: string
  /** A vault of the document's owner; they have no members, and not even the server's admin gets at them. */
  readonly vaultId: string
  /** One that the server's admin made. */
  readonly exportId: string
  /** Of the audit log. */
  readonly auditId: string
  /** Of an entry that is not the last one. */
  readonly auditCursor: string
  /** The caller's own; of somebody else for the anonymous. */
  readonly own: {
    readonly userId: string
    readonly email: string
    readonly sessionId: string
    readonly deviceId: string
    readonly accessToken: string
  }
  /** Of somebody whom no caller has anything to do with. */
  readonly foreign: { readonly userId: string; readonly sessionId: string; readonly deviceId: string }
  /** A word that no other scene has. */
  readonly word: string
}

export interface Row {
  /** The field with its selection, the ids in it as literals. */
  readonly call: (scene: Scene) => string
  readonly outcomes: Readonly<Record<Caller, Outcome>>
}

export const all = (anonymous: Outcome, stranger: Outcome, read: Outcome, write: Outcome, admin: Outcome, server: Outcome): Row['outcomes'] => ({
  anonymous,
  stranger,
  'READ member': read,
  'WRITE member': write,
  'ADMIN member': admin,
  'server admin': server,
})
export const everybody = (outcome: Outcome) => all(outcome, outcome, outcome, outcome, outcome, outcome)
export const signedIn = (outcome: Outcome) => all('UNAUTHENTICATED', outcome, outcome, outcome, outcome, outcome)
export const members = {
  readers: all('UNAUTHENTICATED', 'NOT_FOUND', 'ok', 'ok', 'ok', 'ok'),
  writers: all('UNAUTHENTICATED', 'NOT_FOUND', 'FORBIDDEN', 'ok', 'ok', 'ok'),
  admins: all('UNAUTHENTICATED', 'NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', 'ok', 'ok'),
  lookers: all('UNAUTHENTICATED', 'null', 'ok', 'ok', 'ok', 'ok'),
}
/** Of what nobody but its owner may know of; the server's admin stands above that. */
export const owners = {
  only: all('UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'ok'),
  lookers: all('UNAUTHENTICATED', 'null', 'null', 'null', 'null', 'ok'),
  /** What members may see and not touch. */
  ofShared: all('UNAUTHENTICATED', 'NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'ok'),
}
