import { getDocumentNodeFromSchema } from '@graphql-tools/utils'
import { print, visit } from 'graphql'
import { schema } from '../src/schema.ts'
import { keep } from './generated.ts'

/** The schema as text, with the directives it declares; notes that fields carry for the server alone are left out. */
const document = visit(getDocumentNodeFromSchema(schema), {
  Directive: node => (schema.getDirective(node.name.value) ? undefined : null),
})

keep('schema/schema.graphql', `${print(document)}\n`, 'npm run schema:print')
