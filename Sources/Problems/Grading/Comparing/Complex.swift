import Foundation

/// A complex number in double precision, with the principal values of functions.
struct Complex: Equatable {
    var re: Double
    var im: Double

    init(_ re: Double, _ im: Double = 0) { (self.re, self.im) = (re, im) }

    static let i = Complex(0, 1)

    var isReal: Bool { abs(im) <= 1e-11 * max(abs(re), 1e-300) || im == 0 }
    var isFinite: Bool { re.isFinite && im.isFinite }
    var magnitude: Double { hypot(re, im) }
    var argument: Double { atan2(im, re) }

    static func + (a: Complex, b: Complex) -> Complex { Complex(a.re + b.re, a.im + b.im) }
    static func - (a: Complex, b: Complex) -> Complex { Complex(a.re - b.re, a.im - b.im) }
    static prefix func - (a: Complex) -> Complex { Complex(-a.re, -a.im) }
    static func * (a: Complex, b: Complex) -> Complex {
        if a.im == 0 && b.im == 0 { return Complex(a.re * b.re) }
        return Complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
    }
    static func / (a: Complex, b: Complex) -> Complex {
        if b.im == 0 { return Complex(a.re / b.re, a.im == 0 ? 0 : a.im / b.re) }
        let size = b.re * b.re + b.im * b.im
        return Complex((a.re * b.re + a.im * b.im) / size, (a.im * b.re - a.re * b.im) / size)
    }

    var exponential: Complex {
        if im == 0 { return Complex(exp(re)) }
        return Complex(exp(re) * cos(im), exp(re) * sin(im))
    }
    var logarithm: Complex { Complex(log(magnitude), im == 0 && re > 0 ? 0 : argument) }
    var root: Complex {
        if im == 0 { return re >= 0 ? Complex(re.squareRoot()) : Complex(0, (-re).squareRoot()) }
        let half = Complex(magnitude.squareRoot()), angle = argument / 2
        return half * Complex(cos(angle), sin(angle))
    }
    var sine: Complex {
        if im == 0 { return Complex(sin(re)) }
        return Complex(sin(re) * cosh(im), cos(re) * sinh(im))
    }
    var cosine: Complex {
        if im == 0 { return Complex(cos(re)) }
        return Complex(cos(re) * cosh(im), -sin(re) * sinh(im))
    }
    var hyperbolicSine: Complex { im == 0 ? Complex(sinh(re)) : -(Complex.i * (Complex.i * self).sine) }
    var hyperbolicCosine: Complex { im == 0 ? Complex(cosh(re)) : (Complex.i * self).cosine }
    var arcsine: Complex {
        if im == 0 && abs(re) <= 1 { return Complex(asin(re)) }
        return -(Complex.i * (Complex.i * self + (Complex(1) - self * self).root).logarithm)
    }
    var arctangent: Complex {
        if im == 0 { return Complex(atan(re)) }
        let half = Complex(0, 0.5)
        return half * ((Complex.i + self) / (Complex.i - self)).logarithm
    }

    /// This to the power of another; whole powers of real numbers are real.
    func power(_ exponent: Complex) -> Complex {
        if exponent.im == 0, im == 0, re >= 0 || exponent.re == exponent.re.rounded() {
            return Complex(pow(re, exponent.re))
        }
        if exponent.im == 0, exponent.re == exponent.re.rounded(), abs(exponent.re) <= 64 {
            var result = Complex(1)
            for _ in 0..<Int(abs(exponent.re)) { result = result * self }
            return exponent.re < 0 ? Complex(1) / result : result
        }
        if re == 0 && im == 0 { return exponent.re > 0 ? Complex(0) : Complex(.nan) }
        return (exponent * logarithm).exponential
    }
}
