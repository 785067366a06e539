<html><body>Text before helper</body></html>
<?php
namespace App\Reading;

use App\Base\Thing;
use App\Other as Another;

const LIMIT = 10;

/** A reader. */
#[Attribute]
final class Reader extends Thing implements Readable
{
    private string $name = 'helper 😀';

    public function __construct(private Another $other) {}

    /** Reads. */
    public static function read(int $limit = LIMIT): string
    {
        return helper($limit);
    }
}

interface Readable { public function read(int $limit): string; }
trait Counts { function count() { return 1; } }
enum Kind: string { case One = 'one'; }

function helper(int $a): string
{
    return (string) $a;
}
