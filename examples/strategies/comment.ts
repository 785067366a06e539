// The comment is written after comments of the same intent on code most like it, each candidate after another choice of
// them; the candidate is kept that is most like the comment on the most similar code.
import { show } from './show.ts'

const crew = `class CrewPlan:
    def __init__(self, ship: str, hours: float) -> None:
        self.ship = ship
        self.hours = hours`
const known = [
  { code: crew, comment: 'The crew for one sailing of one ship, with the rest that the law demands.', intent: 'what' },
  { code: 'def name(self):\n    return self.ship', comment: 'What the ship is called.', intent: 'what' },
  { code: 'class Lock:\n    pass', comment: 'Needed because two may load at once.', intent: 'why' },
]

await show({
  strategy: 'comment',
  question: 'What does FuelPlan do?',
  path: 'fuel.py',
  options: { demonstrations: JSON.stringify(known) },
  replies: true,
  reply({ prompt }) {
    const [, rounding] = prompt.match(/Litres to load before leaving, (rounded up to the next \w+)/) ?? []
    const [, percent] = prompt.match(/RESERVE = 0\.(\d+)/) ?? []
    if (!rounding || !percent) return ''
    const after = known.filter(({ comment }) => prompt.includes(comment)).map(({ comment }) => comment)
    if (after.length > 1) return `Litres to load, ${rounding}.`
    if (after[0]?.startsWith('What')) return `What the ship burns, ${rounding}.`
    return `The fuel for one sailing of one ship, with a reserve of ${percent} percent, ${rounding}.`
  },
})
