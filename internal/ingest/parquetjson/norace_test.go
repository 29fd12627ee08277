//go:build !race

package parquetjson_test

const raceEnabled = false
