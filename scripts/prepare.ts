// What an install gets ready for the first start: the files stripped of their types and compiled, and an embedded database to copy.
import '../src/quick-imports.ts'

const [{ loadConfig }, { openDatabase }, { keepTemplate }, { createLogger }] = await Promise.all([
  import('../src/config.ts'),
  import('../src/platform/database.ts'),
  import('../src/platform/embedded/template.ts'),
  import('../src/platform/logger.ts'),
  import('../src/app.ts'),
])
await keepTemplate(async DATA_DIR => {
  const database = await openDatabase(loadConfig({ DATA_DIR }), createLogger('silent'))
  await database[Symbol.asyncDispose]()
})
process.exit()
