//go:build race

package parquetjson_test

// raceEnabled: the race detector turns the library's recoverable panic on a bad
// pointer into the end of the process.
const raceEnabled = true
