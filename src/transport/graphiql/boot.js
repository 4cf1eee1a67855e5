// Runs in the browser. GraphiQL keeps its own state; this connects it to the server it came from.

import { firstMinute } from './first-minute.js'
import { createClient } from './graphql-ws/client.js'
import { linkTabs } from './links.js'

const endpoint = new URL('/graphql', location.href)
const socketEndpoint = Object.assign(new URL(endpoint), { protocol: endpoint.protocol.replace('http', 'ws') })

/** Of the last register, login or refresh in this page: kept in memory only, and used where a tab has no authorization header of its own. */
let accessToken = null

function withToken(headers) {
  const own = headers ?? {}
  const hasOwn = Object.keys(own).some(name => name.toLowerCase() === 'authorization')
  return hasOwn || accessToken === null ? own : { ...own, authorization: `Bearer ${accessToken}` }
}

function isSubscription({ query, operationName }) {
  const operations = [...query.replace(/#.*$/gm, '').matchAll(/(?:^|[\s}])(query|mutation|subscription)\s+(\w+)/g)]
  const chosen = operations.find(([, , name]) => name === operationName)
  return chosen ? chosen[1] === 'subscription' : /^\s*subscription\b/.test(query.replace(/#.*$/gm, ''))
}

async function overHttp(params, headers) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json, application/json', 'content-type': 'application/json', ...withToken(headers) },
    body: JSON.stringify(params),
  })
  const result = await response.json()
  for (const payload of Object.values(result.data ?? {})) {
    if (typeof payload?.accessToken === 'string') accessToken = payload.accessToken
  }
  return result
}

/** One socket for one subscription, so that each speaks for the token it was started with. */
async function* overSocket(params, headers) {
  const client = createClient({ url: socketEndpoint.href, connectionParams: () => withToken(headers), retryAttempts: 0 })
  try {
    yield* client.iterate(params)
  } catch (error) {
    yield { errors: Array.isArray(error) ? error : [{ message: error.reason || error.message || 'The connection was closed.' }] }
  } finally {
    await client.dispose()
  }
}

window.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_, label) => new URL(`./worker-${label}.js`, import.meta.url).href }

const tabsOfLink = linkTabs()
const tabs = tabsOfLink ?? firstMinute()
// GraphiQL shows the variables of its first tab only if it is told them twice; on later visits it has its own.
const isFresh = tabsOfLink !== null || localStorage.getItem('graphiql:tabState') === null

window.YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
  title: 'Tidemark',
  defaultTabs: tabs,
  ...(isFresh && { variables: tabs[0].variables }),
  // What came with a link is neither mixed with the tabs of other visits nor kept among them.
  ...(tabsOfLink && { storage: null }),
  shouldPersistHeaders: false,
  defaultEditorToolsVisibility: 'variables',
  fetcher: (params, options) => (isSubscription(params) ? overSocket(params, options?.headers) : overHttp(params, options?.headers)),
})
