import { holdsAnswer } from '../answers.ts'
import { drawn, integer, pick } from '../random.ts'
import type { Block } from './weave.ts'
import { names, nouns, wordPair } from './words.ts'

export interface EpisodeQuestion {
  readonly kind: 'taste' | 'promise' | 'price' | 'secret' | 'scene' | 'next-line'
  /** Whether it hangs on an episode before the last, and on which. */
  readonly episodes: readonly number[]
  readonly question: string
  readonly answers: readonly (readonly string[])[]
  /** Numbers of the blocks that it rests on, and of those that no longer hold, with what they would say. */
  readonly evidence: readonly number[]
  readonly lures: readonly (readonly [block: number, says: string])[]
  readonly needs: readonly (readonly number[])[]
  readonly check: (said: string) => Record<string, number>
}
export interface Life {
  readonly blocks: readonly Block[]
  /** Numbers of the blocks that begin an episode. */
  readonly heads: readonly number[]
  readonly questions: readonly EpisodeQuestion[]
}

const scenes = ['at the market', 'on the ferry', 'in the orchard', 'at the mill', 'in the station hall', 'by the canal']
const soups = ['leek', 'lentil', 'pumpkin', 'barley', 'mushroom', 'beetroot', 'cabbage', 'sorrel']
const aims = ['to be paid back', 'to part as friends', 'to sell the boat', 'to hear the news', 'to be asked to stay']

/** Two people meet again and again; what was said at one meeting counts at the later ones. */
export function life(count: number, random: () => number): Life {
  const [one, other] = drawn(names, 2, random) as [string, string]
  const [dish, oldDish] = drawn(soups, 2, random) as [string, string]
  const [gift, secret, chair] = drawn(nouns, 3, random) as [string, string, string]
  const code = wordPair(random)
  const [price, oldPrice] = [integer(30, 59, random), integer(60, 95, random)]
  const blocks: Block[] = []
  const put = (episode: number, text: string, within = 0.1 + random() * 0.8): number =>
    blocks.push({ text, depth: (episode + within) / count }) - 1
  const heads = Array.from({ length: count }, (_, episode) =>
    put(
      episode,
      `Episode ${episode + 1}, ${scenes[(episode + integer(0, 5, random)) % scenes.length]}. ${one} wants ${pick(aims, random)}; ${other} wants ${pick(aims, random)}.`,
      0,
    ),
  )
  const last = count - 1
  /** An episode before the last; `late` is after the first half of them. */
  const before = (late: boolean): number => {
    const middle = Math.floor(last / 2)
    return late ? integer(Math.min(middle, last - 1), last - 1, random) : integer(0, Math.max(0, middle - 1), random)
  }
  const at = { taste: before(true), promise: before(false), price: before(true), secret: before(false) }
  const told = {
    oldTaste: put(before(false), `${other} tells ${one}: "There is nothing I like to eat more than ${oldDish} soup."`),
    taste: put(
      at.taste,
      `${other} tells ${one}: "I have gone off ${oldDish} soup; what I like most now is ${dish} soup."`,
    ),
    promise: put(
      at.promise,
      `${one} promises ${other}: "The next time that you are my guest I will give you the ${gift}."`,
    ),
    oldPrice: put(before(false), `${one} and ${other} agree that the boat costs ${oldPrice} coins.`),
    price: put(at.price, `${one} and ${other} shake hands on a new price: the boat costs ${price} coins.`),
    secret: put(
      at.secret,
      `${other} whispers to ${one} that the key lies under the ${secret}, and that the word is ${code}.`,
    ),
    scene: put(last, `${other} comes in as the guest of ${one}, and sits down on the ${chair}.`),
  }
  const holds = (said: string, answer: string): number => (holdsAnswer(said, [answer]) ? 1 : 0)
  const plain = (
    kind: EpisodeQuestion['kind'],
    episode: number,
    question: string,
    answer: string,
    block: number,
    lure?: readonly [number, string],
  ): EpisodeQuestion => ({
    kind,
    episodes: [episode],
    question,
    answers: [[answer]],
    evidence: [block],
    lures: lure ? [lure] : [],
    needs: [[0]],
    check: (said) => ({ right: lure && holds(said, lure[1]) ? 0 : holds(said, answer) }),
  })
  const questions: EpisodeQuestion[] = [
    plain(
      'taste',
      at.taste,
      `In the last episode ${one} cooks what ${other} likes most. Which soup is it?`,
      dish,
      told.taste,
      [told.oldTaste, oldDish],
    ),
    plain(
      'promise',
      at.promise,
      `What must ${one} give ${other} in the last episode, to keep a promise?`,
      gift,
      told.promise,
    ),
    plain(
      'price',
      at.price,
      `For how many coins must ${one} let ${other} have the boat in the last episode?`,
      String(price),
      told.price,
      [told.oldPrice, String(oldPrice)],
    ),
    plain('secret', at.secret, `Under what does the key lie of which ${other} told ${one}?`, secret, told.secret),
    plain('scene', last, `On what does ${other} sit down in the last episode?`, chair, told.scene),
    {
      kind: 'next-line',
      episodes: [at.taste, at.promise],
      question: `Write what ${one} says to ${other} next: offer what ${other} likes most to eat, and keep the promise.`,
      answers: [[dish], [gift]],
      evidence: [told.taste, told.promise],
      lures: [[told.oldTaste, oldDish]],
      needs: [[0], [1]],
      // Goals are what the line must bring about; believable is what fits all that was said before.
      check(said) {
        const goal = (holds(said, dish) + holds(said, gift)) / 2
        const believable = said.trim() !== '' && holds(said, oldDish) === 0 && holds(said, code) === 0 ? 1 : 0
        return { right: goal * believable, goal, believable }
      },
    },
  ]
  return { blocks, heads, questions }
}
