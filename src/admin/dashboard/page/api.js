import { operations } from './operations.ts'
import { signatureOf } from './signature.js'

/** What the API refused, as it says itself. */
export class ApiError extends Error {
  constructor(message, code) {
    super(message)
    this.code = code
  }
}

const errorOf = ({ message, extensions }) => new ApiError(message, extensions?.code)

let signedOut = () => undefined
/** Hears when the server does not know us any more. */
export const onSignedOut = listener => {
  signedOut = listener
}

/** A server that takes signed operations only gives each socket a key for that, and so everything goes over the socket. */
let mustSign = false

/** One operation. The cookie says who we are, unless a token is given. */
export async function ask(query, variables = {}, token = null) {
  if (mustSign && token === null) return askOverSocket(query, variables)
  try {
    return await askOverHttp(query, variables, token)
  } catch (error) {
    if (error.code !== 'SIGNATURE_REQUIRED' || token !== null) throw error
    mustSign = true
    return askOverSocket(query, variables)
  }
}

const askOverSocket = (query, variables) => new Promise((resolve, reject) => follow(query, variables, { next: resolve, error: reject, once: true }))

async function askOverHttp(query, variables, token) {
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: token === null ? 'same-origin' : 'omit',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await response.json()
  const error = errors?.[0] && errorOf(errors[0])
  if (error?.code === 'UNAUTHENTICATED' && token === null) signedOut()
  if (error) throw error
  return data
}

async function session(method, authorization) {
  const response = await fetch('/admin/session', {
    method,
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    ...(method === 'POST' && { body: '{}' }),
  })
  const answer = await response.json()
  if (!response.ok) throw errorOf(answer.errors[0])
}

const base64 = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

/** By e-mail and password of an administrator, or by the user name and password of the configuration. */
export async function signIn(name, password) {
  if (!name.includes('@')) return session('POST', `Basic ${base64(`${name}:${password}`)}`)
  const { login } = await ask(operations.logIn, { input: { email: name, password } }, '')
  try {
    await session('POST', `Bearer ${login.accessToken}`)
  } catch (error) {
    // Nobody needs the session that was opened for this.
    await ask(operations.logOut, {}, login.accessToken).catch(() => undefined)
    throw error
  }
}

export const signOut = () => session('DELETE')

/** Whether the browser has a cookie that holds. */
export async function isSignedIn() {
  const { by } = await (await fetch('/admin/session', { credentials: 'same-origin' })).json()
  return by !== null && by !== undefined
}

let socket = null
let isAcknowledged = false
let attempts = 0
let lastId = 0
let signingKey
let onState = () => undefined
const running = new Map()

/** Hears whether what is live is live: `live`, `waiting` or `off`. */
export const onLive = listener => {
  onState = listener
}

/**
 * Follows a subscription over the one socket, through any number of reconnections. `variables` may be a function: it says
 * where to go on. Answers with what ends it. `once`: it is no subscription, and is not sent again when the socket is cut.
 */
export function follow(query, variables, { next, error = () => undefined, once = false }) {
  const operation = { id: String(++lastId), query, variables, next, error, once, isSigned: false }
  running.set(operation.id, operation)
  if (isAcknowledged) void start(operation)
  else connect()
  return () => {
    if (!running.delete(operation.id)) return
    if (isAcknowledged) send({ id: operation.id, type: 'complete' })
    if (running.size === 0) hangUp()
  }
}

const send = message => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message))

async function start(operation) {
  const { id, query, variables } = operation
  const payload = { query, variables: typeof variables === 'function' ? variables() : variables }
  try {
    operation.isSigned = mustSign
    if (mustSign) payload.extensions = { signature: await signatureOf(payload, signingKey) }
    if (running.has(id)) send({ id, type: 'subscribe', payload })
  } catch (error) {
    if (running.delete(id)) operation.error(error)
  }
}

function connect() {
  if (socket) return
  const mine = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`, 'graphql-transport-ws')
  socket = mine
  mine.onopen = () => send({ type: 'connection_init' })
  mine.onmessage = ({ data }) => {
    if (mine === socket) receive(JSON.parse(data))
  }
  mine.onclose = ({ code }) => {
    if (mine !== socket) return
    drop()
    for (const [id, { once, error }] of running)
      if (once && running.delete(id)) error(new Error('The connection was cut. Look whether it was done, and try again.'))
    if (running.size === 0) return onState('off')
    onState('waiting')
    // 4403: what we proved is over. Asking says so too, if it is, and leads to the form.
    if (code === 4403) askOverHttp(operations.nodes, {}, null).catch(() => undefined)
    setTimeout(() => running.size > 0 && connect(), Math.min(500 * 2 ** attempts++, 15_000) * (0.5 + Math.random()))
  }
}

function receive({ id, type, payload }) {
  if (type === 'ping') return send({ type: 'pong' })
  if (type === 'connection_ack') return acknowledged(payload)
  const operation = running.get(id)
  if (!operation) return undefined
  if (type === 'next') {
    const failed = payload.errors?.[0]
    return failed ? fail(operation, failed) : operation.next(payload.data)
  }
  if (type === 'error') return fail(operation, payload[0])
  if (type === 'complete') running.delete(id)
  return undefined
}

function acknowledged(payload) {
  isAcknowledged = true
  signingKey = payload?.signingKey
  attempts = 0
  onState('live')
  for (const operation of running.values()) void start(operation)
}

function fail(operation, failed) {
  running.delete(operation.id)
  const error = errorOf(failed)
  if (error.code === 'SIGNATURE_REQUIRED' && !operation.isSigned) {
    mustSign = true
    operation.id = String(++lastId)
    running.set(operation.id, operation)
    return void start(operation)
  }
  if (error.code === 'UNAUTHENTICATED') signedOut()
  operation.error(error)
  return undefined
}

function drop() {
  socket = null
  isAcknowledged = false
}

/** Ends everything that is followed. */
export function hangUp() {
  running.clear()
  const open = socket
  drop()
  open?.close(1000)
  onState('off')
}
