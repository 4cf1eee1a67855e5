/** Puts JSON exports of records, notes and folders into a server, through its public API. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { runImport } from './import.ts'
import type { Accounts, Credentials } from './people.ts'
import { createProgressBar, describe } from './progress.ts'

const usage = `npm run example:import -- --url http://localhost:4000/graphql --email … --password … export.json …
  --users users.json      instead of --email and --password: { "<user_id>": { "email": "…", "password": "…" } }
  --register              makes the accounts that are not there
  --source name           keeps apart what comes from different places under the same ids
  --state file            where it is noted how far the import is; default: beside the first export
  --max-bytes 1048576     what the server takes as one message (MAX_MESSAGE_BYTES)
  --patience 120          seconds to try again while the server is away`

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string', default: 'http://localhost:4000/graphql' },
    email: { type: 'string' },
    password: { type: 'string' },
    users: { type: 'string' },
    register: { type: 'boolean', default: false },
    source: { type: 'string', default: '' },
    state: { type: 'string' },
    'max-bytes': { type: 'string', default: String(1024 * 1024) },
    patience: { type: 'string', default: '120' },
  },
})

function accountsFrom({ users, email, password, register }: typeof options): Accounts | null {
  if (users !== undefined)
    return { register, byUserId: new Map(Object.entries(JSON.parse(readFileSync(users, 'utf8')) as Record<string, Credentials>)) }
  return email === undefined || password === undefined ? null : { register, everybody: { email, password } }
}

async function main(): Promise<number> {
  const [first] = files
  const accounts = accountsFrom(options)
  if (first === undefined || !accounts) {
    console.error(usage)
    return 2
  }
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort(new Error('stopped')))
  process.once('SIGTERM', () => stop.abort(new Error('stopped')))
  const progress = createProgressBar(process.stdout)
  const startedAt = Date.now()
  try {
    const { counts, count, reasons, refusedFile } = await runImport({
      url: options.url,
      files,
      accounts,
      source: options.source,
      stateFile: options.state ?? `${first}.state.json`,
      maxMessageBytes: Number(options['max-bytes']),
      patienceMs: Number(options.patience) * 1000,
      onProgress: progress.show,
      signal: stop.signal,
    })
    progress.end()
    console.log(
      `Imported ${describe(counts)} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s, with ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most.`,
    )
    console.log(count === 0 ? 'Nothing was refused.' : `${count} refused; each is in ${refusedFile}:`)
    for (const [reason, times] of reasons) console.log(`  ${times} × ${reason}`)
    return count === 0 ? 0 : 1
  } catch (error) {
    progress.end()
    console.error(`${error instanceof Error ? error.message : error}. The same command goes on from here.`)
    return stop.signal.aborted ? 130 : 1
  }
}

process.exitCode = await main()
