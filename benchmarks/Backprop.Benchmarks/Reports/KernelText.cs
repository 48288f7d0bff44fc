namespace Backprop.Benchmarks.Reports;

/// <summary>What each kernel computes, in a few words for who meets its name the first time.</summary>
internal static class KernelText
{
    private static readonly Dictionary<string, string> s_descriptions = new()
    {
        ["gemm-nn"] = "matrix product A·B",
        ["gemm-nt"] = "matrix product A·Bᵀ",
        ["gemm-tn"] = "matrix product Aᵀ·B",
        ["gemm-tt"] = "matrix product Aᵀ·Bᵀ",
        ["gemv-n"] = "matrix times vector, A·x",
        ["gemv-t"] = "matrix times vector, Aᵀ·x",
        ["ger"] = "outer product added, A + x·yᵀ",
        ["exp"] = "eˣ of each element",
        ["log"] = "ln x of each element",
        ["sigmoid"] = "σ(x) of each element",
        ["sigmoid-derivative"] = "a(1 − a) of each element",
        ["multiply-sigmoid-derivative"] = "δ·a(1 − a) of each element",
        ["norm"] = "length of a vector, √Σx²",
        ["gradient-descent"] = "update of the parameters by gradient descent",
        ["momentum"] = "update by descent with momentum",
        ["nesterov"] = "update by descent with Nesterov's momentum",
        ["rmsprop"] = "update by RMSProp",
        ["adam"] = "update by Adam",
        ["adamw"] = "update by AdamW",
        ["bias-sigmoid"] = "σ(z + b) of each row",
        ["softmax"] = "softmax of each row",
        ["log-softmax"] = "ln softmax of each row",
        ["softmax-jacobian"] = "derivatives of softmax",
        ["softmax-jacobian-product"] = "derivatives of softmax times a vector",
        ["cross-entropy"] = "softmax, cost and its gradient in one pass",
        ["cost-from-probabilities"] = "cross-entropy of probabilities",
        ["cost-from-logits"] = "cross-entropy of weighted inputs",
        ["output-delta"] = "a − y of each element",
        ["step"] = "a training step: forward, backward, update",
        ["predict"] = "forward pass",
        ["startup-predict"] = "a new process up to its first prediction",
        ["startup-step"] = "a new process up to its first training step",
        ["startup-epoch"] = "a new process up to the end of its first epoch",
    };

    /// <summary>Empty for a kernel that is not known here.</summary>
    public static string Describe(string kernel) => s_descriptions.GetValueOrDefault(kernel, "");
}
