import { existsSync } from 'node:fs'
import { ConfigError, loadConfig } from '../config.ts'
import { openDatabase } from '../platform/database.ts'
import { createLogger } from '../platform/logger.ts'
import { StartError } from '../platform/start-error.ts'
import { type Link, verifyChain } from './verify.ts'

/** Says whether the audit log is as it was written. Exit code 1: it is not; 2: it could not be read, or begins behind what was noted. */
const usage = `npm run audit:verify [-- <number>:<hash>]

Verifies the audit log of the database that DATABASE_URL or DATA_DIR names. With the number and the hash of an entry that were noted
down earlier, it also finds out whether the log was written anew since. The embedded database is in use while its server runs.`

async function main(given: string | undefined): Promise<number> {
  const known = given === undefined ? null : linkOf(given)
  if (given !== undefined && !known) return refuse(usage)
  const config = loadConfig()
  if (config.DATABASE_URL === undefined && !existsSync(config.DATA_DIR)) return refuse(`DATA_DIR: there is no ${config.DATA_DIR}.`)
  await using database = await openDatabase(config, createLogger('silent'))
  const { held, last, fault, outlivesNote } = await verifyChain(database, known)
  const chain = held === 0 ? 'no entries' : `${held} ${held === 1 ? 'entry' : 'entries'}, ${last.seq - held + 1} to ${last.seq}`
  if (fault !== null) {
    console.error(`The audit log is not as it was written: ${fault}. What holds before that: ${chain}.`)
    return 1
  }
  if (outlivesNote)
    return refuse(
      `The audit log (${chain}) can’t be held against entry ${known?.seq} any more: it begins behind it. Note its end down more often than entries leave it.`,
    )
  console.log(`The audit log is as it was written: ${chain}. Its end, to be noted down elsewhere: ${last.seq}:${last.hash}`)
  return 0
}

function linkOf(text: string): Link | null {
  const [, seq, hash] = /^(\d{1,15}):([\da-f]{64})$/.exec(text) ?? []
  return seq === undefined || hash === undefined ? null : { seq: Number(seq), hash }
}

function refuse(message: string): number {
  console.error(message)
  return 2
}

try {
  process.exitCode = await main(process.argv[2])
} catch (error) {
  const isExpected = error instanceof ConfigError || error instanceof StartError
  process.exitCode = refuse(isExpected ? error.message : `The audit log could not be read: ${error instanceof Error ? error.message : String(error)}`)
}
