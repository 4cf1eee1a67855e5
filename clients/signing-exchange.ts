import { type Exchange, makeOperation, mapExchange, type Operation } from '@urql/core'
import { makeFetchBody } from '@urql/core/internal'
import { type SigningKey, type SigningOptions, signatureOf } from './signature.ts'

/** Where an exchange finds the key of the session: null while there is none. */
type FindKey = () => SigningKey | null | Promise<SigningKey | null>

/**
 * Signs what urql sends over HTTP. It goes right before the fetchExchange, after whatever sends operations again or changes them:
 * `[cacheExchange, signingExchange(() => key), fetchExchange]`. Subscriptions over a socket need `signingSocket`.
 */
export const signingExchange = (findKey: FindKey, options: SigningOptions = {}): Exchange =>
  mapExchange({
    onOperation: operation => (goesOverHttp(operation) ? signed(operation, findKey, options) : operation),
  })

const goesOverHttp = ({ kind, context }: Operation): boolean =>
  kind === 'query' || kind === 'mutation' || (kind === 'subscription' && context.fetchSubscriptions === true)

async function signed(operation: Operation, findKey: FindKey, options: SigningOptions): Promise<Operation> {
  const key = await findKey()
  if (!key) return operation
  const signature = await signatureOf(makeFetchBody(operation), key, options)
  return makeOperation(operation.kind, { ...operation, extensions: { ...operation.extensions, signature } })
}
