//go:build race

package scoreboard

const raceDetector = true
