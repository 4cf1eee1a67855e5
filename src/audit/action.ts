/** What the audit log tells of, with the meaning of its target. */
export const auditActions = {
  register: 'An account was made, and signed in to; the account.',
  'sign-in': 'Somebody signed in; the session.',
  'sign-in-refused': 'A password, a key or a token was refused; the account, as a digest of its address when there is none.',
  'signature-refused':
    'The signature of an operation was missing or did not hold, or the operation came before; the session, or the token that was issued.',
  'sign-out': 'Somebody ended their sessions; the session, or the account for all of them.',
  'session-revoked': 'A session was ended; the session.',
  'password-changed': 'A password was changed, which ended all other sessions; the account.',
  'password-reset': 'A password was set anew by mail, which ended all sessions and opened one; the account.',
  'admin-refused': 'Somebody who may not administer the server tried to; the field or the path.',
  'access-refused': 'Somebody tried what their access to a thing does not allow; the thing.',
  'scope-refused': 'A token was used for what it has no scope for; the field.',
  'role-changed': 'A user got another role; the account.',
  'token-issued': 'A token was given out; the token.',
  'tokens-rotated': 'All tokens and sessions of a user were ended, for a new token; the account.',
  'token-revoked': 'A token or a session was ended by an administrator; the token or the session.',
  'access-granted': 'Somebody got access to a thing, or another level of it; the thing.',
  'access-revoked': 'Somebody lost access to a thing; the thing.',
  'export-created': 'An export was started; the export.',
  'export-downloaded': 'An export was downloaded; the export.',
  'export-streamed': 'Data was exported at once; the path.',
  'account-deleted': 'An account was deleted; the account.',
  deleted: 'A thing was deleted, or a document hidden until it is restored; the thing, or the owner of the notes that were in a trash.',
  restored: 'A deleted document was restored; the document.',
} as const

export type AuditAction = keyof typeof auditActions

export const isAuditAction = (name: string): name is AuditAction => Object.hasOwn(auditActions, name)
