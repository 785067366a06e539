// Runs a spec from the command line of a test: node test/measure/child.ts RESULTS SPEC-AS-JSON
import { checkSpec, openResults, run } from '../../src/measure/index.ts'

const [path = '', text = ''] = process.argv.slice(2)
const results = openResults(path)
const report = await run(checkSpec(JSON.parse(text), 'the test'), {
  results,
  data: '',
  environment: process.env,
  journal: `${path}.journal`,
  threads: 1,
})
results.close()
console.log(JSON.stringify(report))
