import SchemaBuilder from '@pothos/core'
import DirectivesPlugin from '@pothos/plugin-directives'
import type { AccessLevel } from '../access/level.ts'
import type { Role } from '../access/viewer.ts'
import type { Upload } from '../platform/upload.ts'
import type { Context } from './context.ts'

export interface SchemaTypes {
  Context: Context
  DefaultFieldNullability: false
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    JSON: { Input: unknown; Output: unknown }
    Cursor: { Input: string; Output: string }
    Ciphertext: { Input: string; Output: string }
    VectorClock: { Input: Readonly<Record<string, number>>; Output: Readonly<Record<string, number>> }
    BigInt: { Input: number; Output: number }
    Upload: { Input: Upload; Output: never }
  }
  Directives: {
    auth: { locations: 'OBJECT' | 'FIELD_DEFINITION'; args: { role?: Role } }
    access: { locations: 'FIELD_DEFINITION'; args: { level: AccessLevel; argument: string } }
    public: { locations: 'FIELD_DEFINITION'; args: Record<never, never> }
    rateLimit: { locations: 'FIELD_DEFINITION'; args: { max: number; windowSeconds: number; per?: 'IP' | 'USER' } }
    /** Not printed: counts with all that sign in or recover an account. */
    signIn: { locations: 'FIELD_DEFINITION'; args: Record<never, never> }
    /** Not printed: the value depends on who asks, so readers of one feed can't share it. */
    perViewer: { locations: 'OBJECT' | 'FIELD_DEFINITION'; args: Record<never, never> }
  }
}

/** Every room's `schema.ts` adds its types and root fields to this one builder. */
export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [DirectivesPlugin],
  directives: { useGraphQLToolsUnorderedDirectives: true },
  defaultFieldNullability: false,
})

builder.queryType({ description: 'Reads.' })
builder.mutationType({ description: 'Writes. Each takes one `input` and answers with a payload.' })
builder.subscriptionType({ description: 'Feeds, which lose nothing, and signals, which are of the moment.' })
