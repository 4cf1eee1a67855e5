import './graph/scalars.ts'
import './graph/enums.ts'
import './graph/feed-item.ts'
import './accounts/schema.ts'
import './accounts/devices/schema.ts'
import './accounts/sessions/schema.ts'
import './accounts/credentials/schema.ts'
import './access/schema.ts'
import './documents/schema.ts'
import './documents/snapshots/schema.ts'
import './documents/awareness/schema.ts'
import './collections/schema.ts'
import './collections/records/schema.ts'
import './collections/records/write-schema.ts'
import './notes/schema.ts'
import './notes/trash/schema.ts'
import './notes/revisions/schema.ts'
import './notes/listing/schema.ts'
import './notes/import/schema.ts'
import './notes/folders/schema.ts'
import './notes/publications/schema.ts'
import './notes/attachments/schema.ts'
import './vaults/schema.ts'
import './vaults/logs/schema.ts'
import { GraphQLSchema } from 'graphql'
import { builder } from './graph/builder.ts'
import { contractDirectives } from './graph/directives.ts'
import { guardRootFields } from './graph/guard.ts'

const built = builder.toSchema({ sortSchema: false })

/** The whole API. Loading it fails when a root field does not say who may call it. */
export const schema = guardRootFields(
  new GraphQLSchema({ ...built.toConfig(), directives: [...built.getDirectives(), ...contractDirectives(built)] }),
)
