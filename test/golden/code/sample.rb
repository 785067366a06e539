require 'json'
require_relative 'node'

LIMIT = 10

# A reader.
module Reading
  class Reader < Base
    attr_reader :path

    # Opens.
    def initialize(path)
      @path = path
    end

    def self.open(path)
      new(path).ready? ? helper!("helper! 😀") : LIMIT
    end

    def ready?
      true
    end

    def helper!(text) = text
  end
end

def main
  Reading::Reader.open("#{LIMIT}")
end
