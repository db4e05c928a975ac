SELECT next - 1 FROM counter WHERE name = $1
