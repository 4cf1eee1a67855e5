// Runs in the browser. GraphiQL keeps its own state; this connects it to the server it came from.

import { firstMinute } from './first-minute.js'
import { createClient } from './graphql-ws/client.js'
import { linkTabs } from './links.js'

const endpoint = new URL('/graphql', location.href)
const socketEndpoint = Object.assign(new URL(endpoint), { protocol: endpoint.protocol.replace('http', 'ws') })

/**
 * Of the last register, login or refresh: kept in memory only, known to every open window of this page, and used where a
 * tab has no authorization header of its own.
 */
let accessToken = null
const windows = new BroadcastChannel('tidemark')
windows.onmessage = ({ data }) => {
  if (data.accessToken) accessToken = data.accessToken
  else if (accessToken) windows.postMessage({ accessToken })
}
windows.postMessage({})

function signedIn(token) {
  accessToken = token
  windows.postMessage({ accessToken })
}

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
    if (typeof payload?.accessToken === 'string') signedIn(payload.accessToken)
  }
  return result
}

/** One socket for one subscription, so that each speaks for the token it was started with, and ends when it is stopped. */
function overSocket(params, headers) {
  const client = createClient({ url: socketEndpoint.href, connectionParams: () => withToken(headers), retryAttempts: 0 })
  const events = client.iterate(params)
  let isOver = false
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      if (isOver) return { done: true }
      try {
        return await events.next()
      } catch (error) {
        isOver = true
        return {
          done: false,
          value: { errors: Array.isArray(error) ? error : [{ message: error.reason || error.message || 'The connection was closed.' }] },
        }
      }
    },
    async return() {
      isOver = true
      await client.dispose()
      return { done: true }
    },
  }
}

window.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_, label) => new URL(`./worker-${label}.js`, import.meta.url).href }

const tabsOfLink = linkTabs()
const tabs = tabsOfLink ?? firstMinute()
// GraphiQL shows the variables of its first tab only if it is told them twice; on later visits it has its own.
const isFresh = tabsOfLink !== null || localStorage.getItem('graphiql:tabState') === null

window.YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
  title: 'Tidemark',
  logo: '<svg viewBox="0 0 32 32" width="28" height="28" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"><path d="M3 13c4.5-5 8.5-5 13 0s8.5 5 13 0"/><path d="M3 22c4.5-5 8.5-5 13 0s8.5 5 13 0"/></svg>',
  // GraphiQL would put the query into the address, where it is cut off, logged and remembered.
  onEditQuery: () => history.replaceState({}, '', location.pathname),
  defaultTabs: tabs,
  ...(isFresh && { variables: tabs[0].variables }),
  // What came with a link is neither mixed with the tabs of other visits nor kept among them.
  ...(tabsOfLink && { storage: null }),
  shouldPersistHeaders: false,
  defaultEditorToolsVisibility: 'variables',
  fetcher: (params, options) => (isSubscription(params) ? overSocket(params, options?.headers) : overHttp(params, options?.headers)),
})
