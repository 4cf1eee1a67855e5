/** A chat page on a free port, in front of a Tidemark that runs. */
import { parseArgs } from 'node:util'
import { startChatPage } from './server.ts'

const { values: options } = parseArgs({
  options: { url: { type: 'string', default: 'http://localhost:4000/graphql' }, host: { type: 'string' }, port: { type: 'string', default: '0' } },
})

const page = await startChatPage({ tidemark: options.url, host: options.host ?? 'localhost', port: Number(options.port) })
console.log(`Chat at ${page.url}, talking to ${options.url}`)
