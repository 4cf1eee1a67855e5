import { ApolloLink } from '@apollo/client'
import { filterOperationVariables } from '@apollo/client/link/utils'
import { print } from '@apollo/client/utilities'
import { from, mergeMap } from 'rxjs'
import { type SigningKey, type SigningOptions, signatureOf } from './signature.ts'

/** Where a link finds the key of the session: null while there is none. */
type FindKey = () => SigningKey | null | Promise<SigningKey | null>

/**
 * Signs what Apollo Client sends over HTTP. It goes right before the HttpLink, after whatever sends operations again or changes
 * them: `ApolloLink.from([retry, signingLink(() => key), new HttpLink({ uri })])`. Subscriptions over a socket need `signingSocket`.
 */
export const signingLink = (findKey: FindKey, options: SigningOptions = {}): ApolloLink =>
  new ApolloLink((operation, forward) => from(sign(operation, findKey, options)).pipe(mergeMap(() => forward(operation))))

async function sign(operation: ApolloLink.Operation, findKey: FindKey, options: SigningOptions): Promise<void> {
  const key = await findKey()
  if (!key) return
  // As the HttpLink does, which leaves out what the operation does not name.
  operation.variables = filterOperationVariables(operation.variables, operation.query)
  const { variables, extensions, operationName } = operation
  const { http } = operation.getContext() as { http?: { includeQuery?: boolean } }
  const query = http?.includeQuery === false ? null : print(operation.query)
  operation.extensions = { ...extensions, signature: await signatureOf({ query, operationName, variables, extensions }, key, options) }
  operation.setContext({ http: { ...http, includeExtensions: true } })
}
