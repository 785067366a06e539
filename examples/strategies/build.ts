// A tree of functions is planned, and each is written with its tests, those that are called first. The first code of
// `fare` fails its test in the sandbox and is written again with the error before `family` is built on it.
import { show } from './show.ts'

await show({
  strategy: 'build',
  question: 'A function for the fare of a family with its car from Halden to Strandby at the weekend',
  path: 'tariff.csv',
  replies: true,
  reply({ prompt }) {
    if (prompt.endsWith('The tree of functions:')) {
      const [, adult, child, car] = prompt.match(/Halden - Strandby,"weekend",(\d+),(\d+),(\d+)/)?.map(Number) ?? []
      if (!adult || !child || !car) return 'There is no such fare.'
      return [
        `family(adults, children): one car and all people, so two adults and a child pay ${2 * adult + child + car}`,
        `  fare(kind): ${adult} for "adult", ${child} for "child", ${car} for "car"`,
      ].join('\n')
    }
    const wanted = prompt.slice(prompt.indexOf('Function: '))
    const fares = [...wanted.matchAll(/(\d+) for ("\w+")/g)].map(([, fare, kind]) => [kind, fare])
    const [, sum] = wanted.match(/a child pay (\d+)/) ?? []
    if (prompt.endsWith('The tests:'))
      return sum
        ? `assertEqual(family(2, 1), ${sum})`
        : fares.map(([kind, fare]) => `assertEqual(fare(${kind}), ${fare})`).join('\n')
    if (wanted.startsWith('Function: family'))
      return 'const family = (adults, children) => adults * fare("adult") + children * fare("child") + fare("car")'
    const quote = wanted.includes('It failed: ') ? '' : "'"
    const table = fares.map(([kind, fare]) => `${kind}: ${quote}${fare}${quote}`).join(', ')
    return `const fare = (kind) => ({ ${table} })[kind]`
  },
})
