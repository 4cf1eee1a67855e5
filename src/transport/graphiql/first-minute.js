// Runs in the browser. The tabs someone finds on their first visit: run them from left to right.

/** A UUIDv7 (RFC 9562): the id of the document is chosen here, so that nothing has to be copied from tab to tab. */
function uuidv7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const now = BigInt(Date.now())
  for (let at = 0; at < 6; at += 1) bytes[at] = Number((now >> BigInt(8 * (5 - at))) & 0xffn)
  bytes[6] = (bytes[6] & 0x0f) | 0x70
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const text = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-')
}

export function firstMinute() {
  const documentId = `doc_${uuidv7()}`
  const random = documentId.slice(-6)
  const tab = (query, variables) => ({ query, variables: JSON.stringify(variables, null, 2) })
  return [
    tab(
      `# Tidemark: the first minute. Run the tabs in turn.
#
# 1. An account. To come back later, use login.
#
# This page keeps the access token until it is closed.
# To speak for someone else, open “Headers” below:
# { "authorization": "Bearer <access token>" }
mutation Register($input: RegisterInput!) {
  register(input: $input) {
    user { id email }
    accessToken
    expiresAt
  }
}
`,
      { input: { email: `you+${random}@example.com`, password: `a long password ${random}` } },
    ),
    tab(
      `# 2. A document: a map from paths to JSON values.
# Whoever creates it may choose its id.
mutation CreateDocument($input: CreateDocumentInput!) {
  createDocument(input: $input) {
    document { id name fields cursor }
  }
}
`,
      { input: { id: documentId, name: 'My first document', fields: { title: 'Hello' } } },
    ),
    tab(
      `# 3. Follow the document. Leave this running, open this
# page in a second window, and run tab 4 there.
#
# Every event has a cursor. Pass the last one you handled
# as "after": you get all that came since, once, in order.
subscription DocumentChanges($documentId: ID!, $after: Cursor) {
  documentChanges(documentId: $documentId, after: $after) {
    __typename
    ... on FeedReady { cursor }
    ... on DocumentDelta {
      cursor
      clientId
      writes { path value timestamp }
    }
    ... on DocumentRemoved { cursor }
  }
}
`,
      { documentId },
    ),
    tab(
      `# 4. Change it, as often as you like, with other values.
mutation PushDelta($input: PushDeltaInput!) {
  pushDelta(input: $input) {
    applied
    delta { cursor }
    superseded { path value }
    document { fields clock }
  }
}
`,
      { input: { documentId, clientId: 'graphiql', clock: { graphiql: 1 }, writes: [{ path: 'title', value: 'Hello, everyone' }] } },
    ),
    tab(
      `# 5. What it has become, and what a client lacks
# that has seen nothing yet.
query Document($id: ID!) {
  document(id: $id) {
    name
    fields
    clock
    changes(since: {}) {
      edges { node { clientId at writes { path value } } }
    }
  }
}
`,
      { id: documentId },
    ),
  ]
}
