// Counts what vitest reports: `node .ci/count-tests.mjs <report.json> <exit status of the run>` writes "passed failed" to descriptor 3
// and what went wrong to the standard output. A skipped test counts as failed: nothing is left out in silence. What passed only at its
// second try counts as passed and stands below with what went wrong at the first, for somebody to look into.
import { readFileSync, writeSync } from 'node:fs'

const [path, status] = process.argv.slice(2)
const faults = []
const secondTries = []
let passed = 0

try {
  for (const file of JSON.parse(readFileSync(path, 'utf8')).testResults) {
    for (const test of file.assertionResults) {
      const name = `${file.name} > ${test.fullName}`
      if (test.status !== 'passed') faults.push(`${test.status}: ${name}`)
      else {
        passed++
        if (test.failureMessages.length > 0) secondTries.push({ name, error: test.failureMessages[0] })
      }
    }
    if (file.status === 'failed' && file.assertionResults.every(test => test.status === 'passed')) {
      faults.push(`failed: ${file.name}: ${file.message || 'the file itself failed'}`)
    }
  }
} catch (error) {
  faults.push(`the run left no report: ${error.message}`)
}
if (passed === 0 && faults.length === 0) faults.push('no test passed')
if (status !== '0' && faults.length === 0) faults.push(`the run ended with status ${status}, though every test passed`)

for (const fault of faults) console.log(fault)
for (const { name, error } of secondTries) {
  const lines = error.split('\n').filter(line => !line.includes('node_modules'))
  console.log(`\nsecond try: ${name}\n    ${lines.slice(0, 12).join('\n    ')}`)
}
console.log(`\nsecond tries: ${secondTries.length}`)
writeSync(3, `${passed} ${faults.length}\n`)
