import { useState } from 'react'

type Props = { name: string }

export function Button({ name }: Props) {
  const [count, setCount] = useState(0)
  return <button onClick={() => setCount(count + 1)}>{name} 😀</button>
}

export const List = ({ names }: { names: string[] }) => (
  <ul>{names.map((name) => <Button key={name} name={name} />)}</ul>
)
