// Runs before start and test, in any Node there is, so it is written for old ones: says what is missing before a stack trace does.
'use strict'

const needed = 24
if (Number(process.versions.node.split('.')[0]) < needed) {
  console.error(
    `Tidemark needs Node.js ${needed} or newer; this is ${process.version} on ${process.platform}-${process.arch}.\n` +
      'For Linux and macOS on x64 and arm64, `npm ci` brings it along: run that first, without `--omit=optional`.\n' +
      'Elsewhere, install it from https://nodejs.org and try again.',
  )
  process.exit(1)
}
