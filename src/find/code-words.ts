import type { Analyzer } from '../core/index.ts'
import { distinctTerms } from './terms.ts'

/** What code and those who ask for it call one thing: words and abbreviations, a line for each thing. */
const groups = `
folder directory dir
file filename
filename basename
remove delete drop del strip discard erase clear pop
string str text
integer int
number num numeric
float double decimal
boolean bool
dictionary dict mapping map
list array sequence
array ndarray matrix
argument arg parameter param option
function func method
object obj instance
attribute attr property field
variable var
value val
index idx
length len size
maximum max largest biggest highest longest
minimum min smallest lowest shortest
average mean avg
random rand
character char letter
message msg
image img picture
configuration config cfg setting
database db
connection conn connect
temporary temp tmp
source src
destination dst dest target
address addr
command cmd
execute exec run invoke call
environment env
information info
document doc
request req
response resp
error err exception
date datetime time timestamp
second sec
convert cast transform parse coerce
check validate verify test is
create make build generate new
initialize init
get fetch retrieve obtain
find search lookup locate
load read open
save write dump store
print display show output
combine join merge concatenate concat
split separate tokenize
unique distinct duplicate dedupe
sort order
reverse invert
iterate loop iter
regular regex pattern re
uppercase upper capitalize
lowercase lower
whitespace space blank
copy clone
compare diff
equal same eq
empty blank
null none nan
row line record
column col field
kill terminate stop
start begin launch
wait sleep pause
append add insert push
update modify change edit
replace substitute
compress zip gzip
extract unzip
encrypt encode
hexadecimal hex
binary bin bit
password passwd
user username
permission mode chmod
timezone tz
first head
last tail
distance dist
probability prob
frequency freq count
difference diff delta
percentage percent pct
previous prev
current cur
position pos
coordinate coord
expression expr
evaluate eval
calculate compute
memory mem
separator delimiter sep delim
reference ref
asynchronous async
authentication auth
application app
statistics stats
vector vec
multiply product mul
divide div
exponential exp
logarithm log
square sqrt
graph plot chart figure draw
color colour rgb
webpage html url
url uri link
exist exists
`
  .trim()
  .split('\n')

const known = new WeakMap<Analyzer, ReadonlyMap<string, ReadonlySet<string>>>()

/** For each term of an analyzer, the terms that code says instead of it. */
export function codeTerms(analyzer: Analyzer): ReadonlyMap<string, ReadonlySet<string>> {
  let table = known.get(analyzer) as Map<string, Set<string>> | undefined
  if (table) return table
  table = new Map()
  for (const group of groups) {
    const terms = distinctTerms(analyzer, group)
    for (const term of terms) {
      const others = table.get(term) ?? new Set()
      for (const other of terms) if (other !== term) others.add(other)
      table.set(term, others)
    }
  }
  known.set(analyzer, table)
  return table
}
