import { errorCodes } from '../errors.ts'
import { builder } from './builder.ts'

export const Role = builder.enumType('Role', {
  description: 'What a user may do on the server as a whole.',
  values: {
    USER: { description: 'Their own things, and what is shared with them.' },
    ADMIN: { description: 'Everything, administration included.' },
  } as const,
})

export const AccessLevel = builder.enumType('AccessLevel', {
  description: 'What someone may do with one thing; each level includes those before it.',
  values: {
    READ: { description: 'See it and follow its changes.' },
    WRITE: { description: 'Change its content.' },
    ADMIN: { description: 'Delete it, and say who else may do what.' },
  } as const,
})

builder.enumType('RateLimitSubject', {
  description: 'Whose calls are counted together.',
  values: { IP: { description: 'Those from one address.' }, USER: { description: 'Those of one user; of one address for the anonymous.' } } as const,
})

export const ErrorCode = builder.enumType('ErrorCode', {
  description: 'Every value of `extensions.code` in an error.',
  values: Object.fromEntries(Object.entries(errorCodes).map(([code, description]) => [code, { description }])) as Record<
    keyof typeof errorCodes,
    { description: string }
  >,
})
