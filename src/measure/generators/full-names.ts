import { pick } from '../random.ts'
import { names, nouns } from './words.ts'

const endings = ['ford', 'field', 'wood', 'worth', 'stead', 'mere', 'hurst', 'wick', 'by', 'ley', 'shaw', 'combe']
const surnames = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜',
]
const given = [
  ...'安白冰波博超晨成川春丹东帆方芳枫刚光国海涵浩和红宏华慧佳建江洁静娟军凯兰丽林玲龙梅明宁平琪琴青然荣瑞思涛婷文霞晓欣雪燕阳怡颖勇宇云',
]

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

const makers: Readonly<Record<Language, (random: () => number) => string>> = {
  en(random) {
    const noun = pick(nouns, random)
    const middle = random() < 0.2 ? ` ${pick(names, random)}` : ''
    return `${pick(names, random)}${middle} ${noun[0]!.toUpperCase()}${noun.slice(1)}${pick(endings, random)}`
  },
  zh: (random) =>
    `${pick(surnames, random)}${pick(given, random)}${pick(given, random)}${random() < 0.2 ? `·${pick(given, random)}` : ''}`,
}

/** A maker of full names, such as `Amina Harbourfield` or `王安平`; none comes twice, nor as the end of another. */
export function people(random: () => number, language: Language = 'en'): () => string {
  const used = new Set<string>()
  const ends = new Set<string>()
  return () => {
    for (;;) {
      const name = makers[language](random)
      const end = name.slice(name.indexOf(' ') + 1)
      if (used.has(name) || used.has(end) || ends.has(name)) continue
      used.add(name)
      ends.add(end)
      return name
    }
  }
}

/** The same name, longer: by a middle name, or after a dot by another given name; as it is where it has one. */
export function longerName(name: string, random: () => number, language: Language = 'en'): string {
  if (language === 'zh') return name.includes('·') ? name : `${name}·${pick(given, random)}`
  const words = name.split(' ')
  return words.length > 2 ? name : [words[0], pick(names, random), words[1]].join(' ')
}
