/** Opens the embedded database in DATA_DIR and writes one row after the other, telling of each once it is acknowledged. */
import { sql } from 'drizzle-orm'
import { loadConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/logger.ts'

const database = await openDatabase(loadConfig(), createLogger('silent')).catch(error => {
  process.stdout.write(`${error.name}: ${error.message}\n`)
  process.exit(1)
})
await database.db.execute(sql`CREATE TABLE IF NOT EXISTS written (id serial PRIMARY KEY)`)
process.stdout.write('open\n')
// Whoever kills the engine wants to see what was acknowledged before.
process.on('unhandledRejection', () => process.exit(1))
process.on('SIGTERM', () => void database[Symbol.asyncDispose]().then(() => process.exit(0)))
const write = async () => {
  while (process.argv.includes('write')) {
    const { rows } = await database.transact(tx => tx.execute<{ id: number }>(sql`INSERT INTO written DEFAULT VALUES RETURNING id`))
    process.stdout.write(`${rows[0]?.id}\n`)
  }
}
void write()
setInterval(() => {}, 1_000)
