/// The annotation of an instance that boots something else this time alone.
package let bootOnceAnnotation = "pxelab.dev/boot-once"
