// Writes backoff.txt, the waits that a server computes: go run backoff.go > backoff.txt
// One line a case: initial interval, coefficient, maximum interval, failed attempt, wait.
package main

import (
	"fmt"
	"math"
	"math/rand"
)

func backoff(initial, maximum int64, c float64, n int32) int64 {
	raw := float64(initial*1000000) * math.Pow(c, float64(n-1))
	var r int64
	if raw >= 9223372036854775808.0 {
		r = math.MaxInt64
	} else {
		r = int64(raw)
	}
	if r < 0 {
		r = 0
	}
	if maximum != 0 && r > maximum*1000000 {
		r = maximum * 1000000
	}
	return r / 1000000
}

func main() {
	r := rand.New(rand.NewSource(7))
	p := func(i, m int64, c float64, n int32) {
		fmt.Printf("%d %v %d %d %d\n", i, c, m, n, backoff(i, m, c, n))
	}
	century := int64(3153600000000)
	cs := []float64{1, 1.0000001, 1.01, 1.1, 1.2, 1.3, 1.5, 1.7, 2, 2.5, 3, 3.25, 10, 1000.5, 1e9, 1e308, math.Nextafter(1, 2)}
	ns := []int32{1, 2, 3, 4, 5, 7, 8, 11, 20, 34, 35, 36, 63, 64, 65, 100, 1000, 65536, 1000000, 2147483647}
	for _, c := range cs {
		for _, n := range ns {
			p([]int64{1, 3, 100, 450, 1000, 30000}[r.Intn(6)], century, c, n)
		}
	}
	for k := 0; k < 400; k++ {
		i := int64(math.Exp(r.Float64()*20)) + 1
		c := 1 + r.Float64()*[]float64{0.01, 0.5, 2, 9}[r.Intn(4)]
		c = math.Round(c*1000) / 1000
		if r.Intn(4) == 0 {
			c = 1 + r.Float64()*3
		}
		n := int32(1 + r.Intn([]int{8, 40, 2000}[r.Intn(3)]))
		m := century
		if r.Intn(3) == 0 {
			m = i * int64(1+r.Intn(1000))
			if m > century {
				m = century
			}
		}
		p(i, m, c, n)
	}
}
