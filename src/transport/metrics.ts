import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { createHistogram, type Histogram } from './histogram.ts'

export type OperationType = 'query' | 'mutation' | 'subscription' | 'unknown'

/** Every label has few values, all of them ours: nothing a client sends becomes one. */
export interface TransportMetrics {
  readonly registry: Registry
  readonly connections: Gauge<'carrier'>
  readonly subscriptions: Gauge<'carrier'>
  /** By type, outcome and carrier. */
  readonly operations: Histogram
  /** By method, route and status. */
  readonly requests: Histogram
  readonly refusedSockets: Counter<'reason'>
  readonly refusedMessages: Counter
  /** Counted where ten thousand readers are served at once, so it is a plain number. */
  readonly sent: { messages: number }
  /** What all sockets together still have to write; whoever has the sockets says how to find out. */
  readonly waiting: { bytes: () => number }
}

const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createTransportMetrics(registry = withDefaults()): TransportMetrics {
  const registers = [registry]
  const sent = { messages: 0 }
  const waiting = { bytes: () => 0 }
  registry.registerMetric(
    new Counter({
      name: 'tidemark_messages_sent_total',
      help: 'Frames on sockets, events of streams and answers over HTTP',
      registers: [],
      collect() {
        this.reset()
        this.inc(sent.messages)
      },
    }),
  )
  registry.registerMetric(
    new Gauge({
      name: 'tidemark_waiting_bytes',
      help: 'What was sent on sockets and not taken yet by those who read slowly',
      registers: [],
      collect() {
        this.set(waiting.bytes())
      },
    }),
  )
  return Object.freeze({
    sent,
    waiting,
    registry,
    connections: new Gauge({ name: 'tidemark_connections', help: 'Open connections', labelNames: ['carrier'], registers }),
    subscriptions: new Gauge({ name: 'tidemark_subscriptions', help: 'Running subscriptions', labelNames: ['carrier'], registers }),
    operations: createHistogram(registry, {
      name: 'tidemark_operation_duration_seconds',
      help: 'GraphQL operations by type and outcome (ok, or the first error code); for subscriptions the time to start',
      labelNames: ['type', 'outcome', 'carrier'],
      bounds,
    }),
    requests: createHistogram(registry, {
      name: 'tidemark_http_request_duration_seconds',
      help: 'HTTP requests; for streams the time until they ended',
      labelNames: ['method', 'route', 'status'],
      bounds,
    }),
    refusedMessages: new Counter({
      name: 'tidemark_socket_messages_refused_total',
      help: 'Messages refused since their socket sent too many',
      registers,
    }),
    refusedSockets: new Counter({
      name: 'tidemark_sockets_refused_total',
      help: 'Sockets refused or closed by the server',
      labelNames: ['reason'],
      registers,
    }),
  })
}

/** The library's 10 ms wake an idle server a hundred times a second. It counts them to the lag of the event loop. */
const eventLoopMonitoringPrecision = 100

function withDefaults(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision })
  return registry
}
