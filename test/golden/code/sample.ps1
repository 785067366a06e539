# Reads.
function Get-Reader {
    param([string]$Path)
    Invoke-Helper $Path
}

class Reader {
    [string]$Name
    [string] Read([int]$limit) {
        return $this.Name
    }
}

enum Kind { One; Two }

function Invoke-Helper($value) { Write-Output 'Get-Reader 😀' }
