import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { until } from './wait.ts'

/** A line of the server's log; what is no JSON is a line with `msg` alone. */
export interface LogLine {
  readonly level?: number
  readonly msg?: string
  readonly [field: string]: unknown
}

/** The real server in a process of its own. */
export interface Server extends AsyncDisposable {
  readonly pid: number
  readonly port: number
  /** `http://127.0.0.1:port/graphql` */
  readonly url: string
  /** `ws://127.0.0.1:port/graphql` */
  readonly wsUrl: string
  readonly logs: readonly LogLine[]
  readonly running: boolean
  /** Asks it to end (SIGTERM) and waits until it did. */
  stop(signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>
  /** Waits for a line of the log, those already written included. */
  waitForLog(matches: (line: LogLine) => boolean, timeoutMs?: number): Promise<LogLine>
  /** Waits until `/ready` answers 200. */
  waitForReady(timeoutMs?: number): Promise<void>
}

const root = join(import.meta.dirname, '../..')
const startWaitMs = 60_000

/** Whatever is left when the tests end goes with them. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts the server and waits until it is ready. @throws Error with the end of its log when it is not */
export async function startServer(env: Readonly<Record<string, string>>): Promise<Server> {
  const logs: LogLine[] = []
  const child = launch(env, logs)
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const waitForLog = (matches: (line: LogLine) => boolean, timeoutMs = startWaitMs) =>
    until(
      'a line of the log',
      () => {
        const line = logs.find(matches)
        if (!line && hasEnded(child)) throw new Error(`The server ended (${child.signalCode ?? child.exitCode}):\n${tailOf(logs)}`)
        return line
      },
      timeoutMs,
    )
  const kill = async () => {
    if (!hasEnded(child)) child.kill('SIGKILL')
    await ended
  }

  try {
    const line = await waitForLog(({ msg, port }) => msg === 'listening' && typeof port === 'number')
    const port = Number(line.port)
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/ready`).then(
        response => response.body?.cancel().then(() => response.ok),
        () => false,
      )
    const waitForReady = async (timeoutMs = startWaitMs) => void (await until('/ready', isReady, timeoutMs))
    await waitForReady()
    return {
      pid: child.pid ?? 0,
      port,
      url: `http://127.0.0.1:${port}/graphql`,
      wsUrl: `ws://127.0.0.1:${port}/graphql`,
      logs,
      get running() {
        return !hasEnded(child)
      },
      async stop(name = 'SIGTERM') {
        if (!hasEnded(child)) child.kill(name)
        const [code, signal] = await ended
        return { code, signal }
      },
      kill,
      waitForLog,
      waitForReady,
      [Symbol.asyncDispose]: kill,
    }
  } catch (error) {
    await kill()
    throw error
  }
}

/** Starts a server that is not meant to get ready, and gives how it ended. */
export async function failToStart(env: Readonly<Record<string, string>>, timeoutMs = startWaitMs): Promise<{ code: number | null; output: string }> {
  const logs: LogLine[] = []
  const child = launch(env, logs)
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(timer)
  return { code, output: logs.map(line => JSON.stringify(line)).join('\n') }
}

/** What many tests at once, and measurements, would run into; tests of limits set them. */
const noLimits = {
  REGISTRATIONS_PER_HOUR: '0',
  RATE_LIMIT_PER_MIN: '0',
  READ_RATE_LIMIT_PER_MIN: '0',
  IP_RATE_LIMIT_PER_MIN: '0',
  SIGN_IN_RATE_LIMIT_PER_MIN: '0',
  ADMIN_RATE_LIMIT_PER_MIN: '0',
  WS_RATE_LIMIT_MAX_MESSAGES: '0',
  WS_MAX_CONNECTIONS_PER_ADDRESS: '0',
}

/** The server gets these variables and nothing of what surrounds the tests, save for PATH and the folder for temporary files. */
function launch(env: Readonly<Record<string, string>>, logs: LogLine[]): ChildProcess {
  const { PATH = '', TMPDIR } = process.env
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: {
      PATH,
      ...(TMPDIR && { TMPDIR }),
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: '0',
      ...noLimits,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', line => logs.push(parse(line)))
  return child
}

function parse(line: string): LogLine {
  try {
    const parsed: unknown = JSON.parse(line)
    if (typeof parsed === 'object' && parsed !== null) return parsed as LogLine
  } catch {}
  return { msg: line }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null
const tailOf = (logs: readonly LogLine[]) =>
  logs
    .slice(-20)
    .map(line => JSON.stringify(line))
    .join('\n')
