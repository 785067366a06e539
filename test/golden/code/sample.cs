using System;
using Json = System.Text.Json;

namespace Example.Reading
{
    /// <summary>A reader.</summary>
    [Serializable]
    public class Reader<T> : IReader where T : class
    {
        private const int Limit = 3;
        public string Name { get; set; }
        public int Size
        {
            get { return Limit; }
        }

        public Reader(T value) { Name = Helper("Helper 😀"); }
        ~Reader() { }

        [Obsolete]
        public async Task<string> Read(int limit) => await Helper(limit);

        private static string Helper(object a)
        {
            int Inner(int x) => x;
            return $"{Inner(1)} Inner";
        }
    }

    public interface IReader { string Name { get; } }
    public enum Kind { One, Two }
    public record Point(int X, int Y);
    public struct Pair { public int A; }
    public delegate void Changed(Reader<string> reader);
}
