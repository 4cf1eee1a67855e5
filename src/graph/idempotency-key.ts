import type { InputFieldBuilder } from '@pothos/core'
import type { SchemaTypes } from './builder.ts'

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>

/** The field that makes a mutation safe to retry. */
export const idempotencyKeyField = (t: InputFieldBuilder<Types, 'InputObject'>) =>
  t.string({
    description:
      'Makes a retry safe: 8 to 128 characters, new for each intent. Within 24 h the same key gets the first outcome and nothing is done again; with other arguments, IDEMPOTENCY_MISMATCH.',
  })
